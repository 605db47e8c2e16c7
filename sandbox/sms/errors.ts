/** A code of Tencent Cloud and its words. */
export interface Refusal {
  readonly Code: string
  readonly Message: string
}

// Tencent Cloud SDK (errors.go of sms v20210111), docs 59177 and 38780; what is not listed says only that it failed.
const words: Readonly<Record<string, string>> = {
  'AuthFailure.InvalidAuthorization': 'The `Authorization` header of the request does not conform to the standard.',
  'AuthFailure.SecretIdNotFound': 'The SecretId is not found, please ensure that your SecretId is correct.',
  'AuthFailure.SignatureExpire': 'The timestamp is expired: the difference from the server time exceeds five minutes.',
  'AuthFailure.SignatureFailure':
    'The provided credentials could not be validated. Please check your signature is correct.',
  'AuthFailure.UnauthorizedOperation': 'You are not authorized to perform this operation: check your CAM policies.',
  InvalidAction: 'The request action is invalid or not found.',
  InvalidParameter: 'The parameter is invalid.',
  MissingParameter: 'The request is missing a required parameter.',
  NoSuchVersion: 'The API version does not exist.',
  UnknownParameter: 'The request has an unknown parameter.',
  RequestLimitExceeded: 'The number of requests exceeds the frequency limit.',
  'FailedOperation.ContainSensitiveWord': 'message contains sensitive words',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'the sms package is exhausted',
  'FailedOperation.MarketingSendTimeConstraint': 'marketing sms are sent between 8:00 and 22:00',
  'FailedOperation.PhoneNumberInBlacklist': 'the phone number is in the blacklist',
  'FailedOperation.SignatureIncorrectOrUnapproved': 'the sign name is unapproved or does not exist',
  'FailedOperation.TemplateIncorrectOrUnapproved': 'the template is unapproved or its parameters do not match',
  'InvalidParameterValue.ContentLengthLimit': 'the content of the sms is too long',
  'InvalidParameterValue.IncorrectPhoneNumber': 'incorrect phone number format',
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'a url in a template parameter is not allowed',
  'InvalidParameterValue.SdkAppIdNotExist': 'the SmsSdkAppId does not exist',
  'InvalidParameterValue.TemplateParameterFormatError': 'verification codes are digits, six at most',
  'InvalidParameterValue.TemplateParameterLengthLimit':
    'the length of a template parameter exceeds the limit (personal accounts: 12 characters, enterprise: unlimited)',
  'LimitExceeded.AppDailyLimit': 'the daily limit of the application is reached',
  'LimitExceeded.DeliveryFrequencyLimit': 'the delivery frequency limit is reached',
  'LimitExceeded.PhoneNumberCountLimit': 'no more than 200 phone numbers in one request',
  'LimitExceeded.PhoneNumberDailyLimit': 'the daily limit of the phone number is reached',
  'LimitExceeded.PhoneNumberOneHourLimit': 'the hourly limit of the phone number is reached',
  'LimitExceeded.PhoneNumberSameContentDailyLimit': 'the same content reached its daily limit for the phone number',
  'LimitExceeded.PhoneNumberThirtySecondLimit': 'the 30 second limit of the phone number is reached',
  'UnauthorizedOperation.RequestPermissionDeny': 'no permission for this request',
  'UnauthorizedOperation.SdkAppIdIsDisabled': 'the SmsSdkAppId is disabled',
  'UnauthorizedOperation.SerivceSuspendDueToArrears': 'the service is suspended due to arrears',
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail': 'the SmsSdkAppId does not belong to this account',
  'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber':
    'domestic and international phone numbers in one request',
  'UnsupportedOperation.UnsuportedRegion': 'the region is not supported',
}

export function refuse(Code: string, more?: string): Refusal {
  return { Code, Message: [words[Code] ?? 'the operation failed', more].filter(Boolean).join(' ') }
}

export const isRefusal = (value: object): value is Refusal => 'Code' in value && 'Message' in value
