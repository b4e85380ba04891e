export { type Certificate, type CertificateOptions, makeCertificate } from './make-certificate.ts'
